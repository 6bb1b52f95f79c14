package org.staffetta.api.routing;

import java.util.List;
import org.staffetta.api.mail.Address;
import org.staffetta.api.mail.Reply;

/** A router's answer. */
public sealed interface Route {

    /**
     * The recipient's domain is ours and the recipient exists: anybody may send there.
     *
     * @param transport the name of the transport, e.g. {@code mda}
     * @param nextHop where to, in the transport's terms; messages with the same transport and next hop share a lane. For
     *        SMTP and LMTP: {@code example.org} (by its MX records), or {@code [mail.example.org]:2525} (that host, that port)
     */
    record Local(String transport, String nextHop) implements Route {}

    /**
     * The recipient's domain is somebody else's: only trusted or authenticated clients may send there.
     *
     * @param transport as in {@link Local}
     * @param nextHop as in {@link Local}
     */
    record Relay(String transport, String nextHop) implements Route {}

    /**
     * The recipient's domain is ours and the name stands for others. The queue routes each of them in turn and sees to it that
     * a ring of aliases ends.
     *
     * @param members at least one
     */
    record Alias(List<Address> members) implements Route {

        /**
         * Copies.
         *
         * @throws IllegalArgumentException if there are no members
         */
        public Alias {
            members = List.copyOf(members);
            if (members.isEmpty()) {
                throw new IllegalArgumentException("an alias needs a member");
            }
        }
    }

    /** The recipient's domain is ours and there is no such recipient: {@code 550 5.1.1}. */
    record Unknown() implements Route {}

    /**
     * Mail for this recipient is not wanted.
     *
     * @param reply 4yz or 5yz, given to the client or, if the message is queued already, treated as the outcome of an attempt
     */
    record Refuse(Reply reply) implements Route {

        /**
         * Checks the code.
         *
         * @throws IllegalArgumentException if the reply is a positive one
         */
        public Refuse {
            if (reply.isPositive()) {
                throw new IllegalArgumentException("a refusal needs a 4yz or 5yz reply, not " + reply);
            }
        }
    }
}
