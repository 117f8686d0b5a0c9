package doubleeleven.rig.explore;

import static org.assertj.core.api.Assertions.assertThat;

import doubleeleven.rig.explore.Condition.Without;
import org.junit.jupiter.api.Test;

/** Guards are found in the text of conditions. */
class ConditionTest {
    @Test
    void eachPartOfAConjunctionIsAGuard() {
        assertThat(Condition.eachLeftOut("a = :a AND size(b) < :b AND attribute_exists(c)"))
                .containsExactly(
                        new Without("a = :a", "size(b) < :b AND attribute_exists(c)"),
                        new Without("size(b) < :b", "a = :a AND attribute_exists(c)"),
                        new Without("attribute_exists(c)", "a = :a AND size(b) < :b"));
    }

    @Test
    void aSinglePartIsTheWholeGuard() {
        assertThat(Condition.eachLeftOut("attribute_not_exists(pk)"))
                .containsExactly(new Without("attribute_not_exists(pk)", ""));
    }

    @Test
    void whatIsInParenthesesHasGuardsOfItsOwn() {
        assertThat(Condition.eachLeftOut("a = :a AND (attribute_not_exists(b) OR b > :b)"))
                .containsExactly(
                        new Without("a = :a", "(attribute_not_exists(b) OR b > :b)".substring(1, 34)),
                        new Without("attribute_not_exists(b) OR b > :b", "a = :a"));
    }

    @Test
    void anAlternativeIsGuardedByItsOwnParts() {
        assertThat(Condition.eachLeftOut("attribute_not_exists(pk) OR (s = :closed AND attribute_not_exists(x))"))
                .containsExactly(
                        new Without("s = :closed", "attribute_not_exists(pk) OR attribute_not_exists(x)"),
                        new Without("attribute_not_exists(x)", "attribute_not_exists(pk) OR s = :closed"),
                        new Without("attribute_not_exists(pk) OR (s = :closed AND attribute_not_exists(x))", ""));
    }
}
