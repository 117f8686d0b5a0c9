package doubleeleven.rig;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.core.SdkClient;
import software.amazon.awssdk.core.SdkRequest;

/** Clients of services whose calls go over a bus. */
public final class Clients {
    private Clients() {}

    /**
     * Wraps a client.
     *
     * @param service what really serves the calls; null where the bus answers them all
     * @param caller who calls, as the bus sees it
     */
    public static <C extends SdkClient> C over(Bus bus, String caller, Class<C> type, @Nullable C service) {
        String name = type.getSimpleName().replace("Client", "");
        InvocationHandler handler = (proxy, method, arguments) -> {
            if (takesRequest(method, arguments)) {
                return bus.carry(
                        new Bus.ServiceCall(caller, name, method.getName(), arguments[0]),
                        () -> invoke(service, method, arguments));
            }
            // With a consumer of the request's builder, or a paginator: both end in a call with a request.
            return method.isDefault()
                    ? InvocationHandler.invokeDefault(proxy, method, arguments)
                    : invoke(service, method, arguments);
        };
        return type.cast(Proxy.newProxyInstance(type.getClassLoader(), new Class<?>[] {type}, handler));
    }

    private static boolean takesRequest(Method method, Object[] arguments) {
        return arguments != null
                && arguments.length == 1
                && arguments[0] instanceof SdkRequest
                && !method.getName().endsWith("Paginator");
    }

    private static Object invoke(@Nullable Object service, Method method, Object[] arguments) {
        if (service == null) {
            throw new UnsupportedOperationException(method + " is not answered here");
        }
        try {
            return method.invoke(service, arguments);
        } catch (InvocationTargetException e) {
            if (e.getCause() instanceof RuntimeException cause) {
                throw cause;
            }
            if (e.getCause() instanceof Error cause) {
                throw cause;
            }
            throw new IllegalStateException(e.getCause());
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
