package doubleeleven.gateway;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.util.Arrays;
import java.util.Base64;

/** A customer's device: a key pair, and signatures made with the JDK alone. */
public final class Payer {
    private static final Base64.Encoder BASE64 = Base64.getUrlEncoder().withoutPadding();

    private final KeyPair keys;

    public Payer() {
        try {
            keys = KeyPairGenerator.getInstance("Ed25519").generateKeyPair();
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    /** The last 32 bytes of the encoded key are the raw one. */
    public String publicKey() {
        byte[] encoded = keys.getPublic().getEncoded();
        return BASE64.encodeToString(Arrays.copyOfRange(encoded, encoded.length - 32, encoded.length));
    }

    public String sign(String claims) {
        return sign("{\"alg\":\"EdDSA\"}", claims);
    }

    public String sign(String header, String claims) {
        try {
            String text = encode(header) + "." + encode(claims);
            Signature signature = Signature.getInstance("Ed25519");
            signature.initSign(keys.getPrivate());
            signature.update(text.getBytes(UTF_8));
            return text + "." + BASE64.encodeToString(signature.sign());
        } catch (GeneralSecurityException e) {
            throw new IllegalStateException(e);
        }
    }

    public static String encode(String text) {
        return BASE64.encodeToString(text.getBytes(UTF_8));
    }

    /** Claims of a consent to one order. */
    public static String orderClaims(
            String payer, String merchant, String order, long amount, String currency, long issuedAt, long expiresAt) {
        return """
                {"iss":"%1$s","sub":"%1$s","aud":"double-eleven","merchant":"%2$s","order":"%3$s","amount":%4$d,"currency":"%5$s",\
                "iat":%6$d,"exp":%7$d,"jti":"consent-%3$s"}""".formatted(payer, merchant, order, amount, currency, issuedAt, expiresAt);
    }

    /** Claims of a consent to one transfer. */
    public static String transferClaims(
            String payer, String payee, String transfer, long amount, String currency, long issuedAt, long expiresAt) {
        return """
                {"iss":"%1$s","sub":"%1$s","aud":"double-eleven","use":"transfer","payee":"%2$s","transfer":"%3$s","amount":%4$d,\
                "currency":"%5$s","iat":%6$d,"exp":%7$d,"jti":"consent-%3$s"}""".formatted(payer, payee, transfer, amount, currency, issuedAt, expiresAt);
    }

    /** The same with a consent to borrow so much, to be paid back in so many instalments for that fee. */
    public static String withCredit(String orderClaims, long amount, int instalments, long fee) {
        return orderClaims.replaceFirst(
                "}$", ",\"credit\":{\"amount\":%d,\"instalments\":%d,\"fee\":%d}}".formatted(amount, instalments, fee));
    }

    /** Claims of a consent to one repayment. */
    public static String repaymentClaims(
            String customer, String repayment, long amount, String currency, long issuedAt, long expiresAt) {
        return """
                {"iss":"%1$s","sub":"%1$s","aud":"double-eleven","use":"repayment","repayment":"%2$s","amount":%3$d,"currency":"%4$s",\
                "iat":%5$d,"exp":%6$d,"jti":"consent-%2$s"}""".formatted(customer, repayment, amount, currency, issuedAt, expiresAt);
    }

    /** Claims of a consent to one application for credit. */
    public static String applicationClaims(
            String customer, String application, long limit, String currency, long issuedAt, long expiresAt) {
        return """
                {"iss":"%1$s","sub":"%1$s","aud":"double-eleven","use":"credit-application","application":"%2$s","requestedLimit":%3$d,\
                "currency":"%4$s","iat":%5$d,"exp":%6$d,"jti":"consent-%2$s"}""".formatted(customer, application, limit, currency, issuedAt, expiresAt);
    }

    /** Claims of a mandate. */
    public static String mandateClaims(
            String payer, String id, String merchant, long perPayment, long total, long issuedAt, long expiresAt) {
        return """
                {"iss":"%1$s","sub":"%1$s","aud":"double-eleven","use":"mandate","merchant":"%2$s","currency":"GBP","perPayment":%3$d,\
                "total":%4$d,"iat":%5$d,"exp":%6$d,"jti":"%7$s"}""".formatted(payer, merchant, perPayment, total, issuedAt, expiresAt, id);
    }
}
