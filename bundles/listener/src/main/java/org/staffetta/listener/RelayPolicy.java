package org.staffetta.listener;

import java.io.IOException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Reply;
import org.staffetta.api.routing.Route;
import org.staffetta.api.routing.Router;

/**
 * Who may send to whom: the place where an open relay would be. The route is that of the address's domain, whatever its local part looks
 * like: {@code %}, {@code !} and a quoted {@code @} are characters of a name like any other.
 */
record RelayPolicy(Reporter reporter) {

    private static final Logger LOG = LoggerFactory.getLogger(RelayPolicy.class);
    private static final Reply NOT_TOLD = new Reply(451, "4.3.0", "the address cannot be checked now, come back later");

    /** Strangers may send to us, friends to anywhere. */
    void requireRecipient(Address recipient, SessionSnapshot session, Router router) throws RefusedException {
        switch (route(recipient, router)) {
            case Route.Local _,Route.Alias _ -> {}
            case Route.Relay _ when session.mayRelay() -> {}
            case Route.Relay _ ->
                throw new RefusedException(new Reply(550, "5.7.1", "relaying is not allowed from here"));
            case Route.Unknown _ -> throw new RefusedException(new Reply(550, "5.1.1", "there is no such recipient"));
            case Route.Refuse refuse -> throw new RefusedException(refuse.reply());
        }
    }

    /** A sender in a domain of ours must exist: a bounce to him could not be delivered. Of others nothing is known. */
    void requireSender(Address sender, Router router) throws RefusedException {
        if (!sender.isNull() && route(sender, router) instanceof Route.Unknown) {
            throw new RefusedException(new Reply(550, "5.1.0", "the sender does not exist"));
        }
    }

    private Route route(Address address, Router router) throws RefusedException {
        try {
            return router.route(address);
        } catch (IOException unknown) {
            LOG.info("no route can be told for {} in session {}: {}", address, reporter.session(), unknown.toString());
        } catch (RuntimeException | Error failure) {
            LOG.error("the router failed for {} in session {}", address, reporter.session(), failure);
            reporter.alarm("the router failed: " + failure);
        }
        throw new RefusedException(NOT_TOLD);
    }
}
