package doubleeleven.it.blackbox;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.Tag;

/** Tests that open all they need and look at nothing else: classes of the kind run beside each other. */
@Tag("beside")
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.TYPE)
@interface Beside {
    /** Of classes that wait most of the time: others work meanwhile. */
    int FIRST = 1;
}
