package org.staffetta.sql;

import java.io.PrintWriter;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import java.util.logging.Logger;
import javax.sql.DataSource;

/** A database that fails where a test says. */
public final class UnreliableSource implements DataSource {

    private static final Fault NO_FAULT = new Fault(Step.NONE, sql -> false, new SQLException(), 0);

    private final DataSource real;
    private final AtomicInteger left = new AtomicInteger();
    private volatile Fault fault = NO_FAULT;
    private volatile Fault next = NO_FAULT;

    /** Where it fails: when a connection is wanted, before a statement is executed, before or after a commit. */
    public enum Step {
        NONE, CONNECT, EXECUTE, COMMIT, COMMITTED
    }

    private record Fault(Step step, Predicate<String> sql, SQLException failure, int times) {}

    /** Makes one that does not fail yet. */
    public UnreliableSource(DataSource real) {
        this.real = real;
    }

    /**
     * From now on fails so many times: when a connection is wanted, before or after a statement like this is executed, or before or after a commit.
     */
    public void fail(Step step, Predicate<String> sql, SQLException failure, int times) {
        next = NO_FAULT;
        left.set(times);
        fault = new Fault(step, sql, failure, times);
    }

    /** As above, whatever the statement is. */
    public void fail(Step step, SQLException failure, int times) {
        fail(step, sql -> true, failure, times);
    }

    /** After the fault that was said last, fails like this until {@link #mend}. */
    public void then(Step step, SQLException failure, int times) {
        next = new Fault(step, sql -> true, failure, times);
    }

    /** Fails no more. */
    public void mend() {
        next = NO_FAULT;
        fault = NO_FAULT;
    }

    /** How often it has failed. */
    public int failed() {
        return fault.times() - Math.max(0, left.get());
    }

    @Override
    public Connection getConnection() throws SQLException {
        check(Step.CONNECT, "");
        Connection connection = real.getConnection();
        return proxy(Connection.class, (method, arguments) -> {
            if (method.getName().equals("commit")) {
                check(Step.COMMIT, "");
            }
            Object answer = invoke(method, connection, arguments);
            if (method.getName().equals("commit")) {
                check(Step.COMMITTED, "");
            }
            return method.getName().equals("prepareStatement")
                    ? statement((PreparedStatement) answer, (String) arguments[0])
                    : answer;
        });
    }

    private PreparedStatement statement(PreparedStatement real, String sql) {
        return proxy(PreparedStatement.class, (method, arguments) -> {
            boolean executes = method.getName().startsWith("execute");
            // a statement that is a transaction of its own is committed with it
            boolean commits = executes && real.getConnection().getAutoCommit()
                    && (sql.contains("UPDATE") || !sql.startsWith("SELECT"));
            if (executes) {
                check(Step.EXECUTE, sql);
            }
            if (commits) {
                check(Step.COMMIT, sql);
            }
            Object answer = invoke(method, real, arguments);
            if (commits) {
                check(Step.COMMITTED, sql);
            }
            return answer;
        });
    }

    private void check(Step step, String sql) throws SQLException {
        Fault now = fault;
        // what goes on beside the mail would take the faults away from the test
        boolean beside = Thread.currentThread().getName().startsWith("staffetta-");
        if (!beside && now.step() == step && now.sql().test(sql) && left.getAndDecrement() > 0) {
            Fault follows = next;
            if (follows.step() != Step.NONE) {
                left.set(follows.times());
                fault = follows;
            }
            throw now.failure();
        }
    }

    private interface Call {
        Object to(Method method, Object[] arguments) throws Throwable;
    }

    private static Object invoke(Method method, Object real, Object[] arguments) throws Throwable {
        try {
            return method.invoke(real, arguments);
        } catch (InvocationTargetException e) {
            throw e.getCause();
        }
    }

    private static <T> T proxy(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[]{type},
                (self, method, arguments) -> call.to(method, arguments)));
    }

    @Override
    public Connection getConnection(String username, String password) throws SQLException {
        return getConnection();
    }

    @Override
    public PrintWriter getLogWriter() throws SQLException {
        return real.getLogWriter();
    }

    @Override
    public void setLogWriter(PrintWriter out) throws SQLException {
        real.setLogWriter(out);
    }

    @Override
    public void setLoginTimeout(int seconds) throws SQLException {
        real.setLoginTimeout(seconds);
    }

    @Override
    public int getLoginTimeout() throws SQLException {
        return real.getLoginTimeout();
    }

    @Override
    public Logger getParentLogger() throws SQLFeatureNotSupportedException {
        return real.getParentLogger();
    }

    @Override
    public <T> T unwrap(Class<T> type) throws SQLException {
        return real.unwrap(type);
    }

    @Override
    public boolean isWrapperFor(Class<?> type) throws SQLException {
        return real.isWrapperFor(type);
    }
}
