package doubleeleven.it.client;

import static org.assertj.core.api.Assertions.assertThat;

import java.math.BigInteger;
import java.security.KeyFactory;
import java.security.PublicKey;
import java.security.spec.EdECPoint;
import java.security.spec.EdECPublicKeySpec;
import java.security.spec.NamedParameterSpec;
import java.util.Base64;
import org.jose4j.jws.JsonWebSignature;
import org.junit.jupiter.api.Test;

final class CustomerTest {
    @Test
    void aCustomerHasTheSameKeyInEveryRun() {
        assertThat(Customer.of("14911").publicKey())
                .isEqualTo(Customer.of("14911").publicKey())
                .hasSize(43)
                .isNotEqualTo(Customer.of("14912").publicKey())
                .isNotEqualTo(Customer.impostorOf("14911").publicKey());
    }

    @Test
    void whatACustomerSignsIsVerifiedByTheRawPublicKey() throws Exception {
        for (int id = 0; id < 20; id++) {
            Customer customer = Customer.of("customer" + id);
            JsonWebSignature signature = new JsonWebSignature();
            signature.setCompactSerialization(customer.consent("shop", "1", 5, "GBP"));
            signature.setKey(decode(customer.publicKey()));
            assertThat(signature.verifySignature()).isTrue();
        }
    }

    private static PublicKey decode(String text) throws Exception {
        byte[] raw = Base64.getUrlDecoder().decode(text);
        boolean odd = (raw[31] & 0x80) != 0;
        raw[31] &= 0x7f;
        byte[] bigEndian = new byte[32];
        for (int i = 0; i < 32; i++) {
            bigEndian[i] = raw[31 - i];
        }
        return KeyFactory.getInstance("Ed25519")
                .generatePublic(new EdECPublicKeySpec(
                        NamedParameterSpec.ED25519, new EdECPoint(odd, new BigInteger(1, bigEndian))));
    }
}
