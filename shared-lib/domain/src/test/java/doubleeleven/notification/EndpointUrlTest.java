package doubleeleven.notification;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class EndpointUrlTest {
    @ParameterizedTest
    @ValueSource(
            strings = {
                "https://shop.example",
                "https://shop.example/",
                "https://shop.example:443/double11?tenant=4",
                "https://hooks.a-b.shop.example/paid",
                "https://xn--bcher-kva.example/paid"
            })
    void aNamedHostOverTlsIsTaken(String url) {
        assertThat(EndpointUrl.read(url, false)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "shop.example",
                "http://shop.example",
                "ftp://shop.example",
                "https://localhost",
                "https://shop.example:8443",
                "https://shop.example:22",
                "https://user@shop.example",
                "https://shop.example/#part",
                "https://shop..example",
                "https://-shop.example",
                "https://shop.example.",
                "https://shop_1.example",
                "https://127.0.0.1",
                "https://169.254.169.254/latest",
                "https://10.1",
                "https://2130706433",
                "https://0x7f.0.0.1",
                "https://0x7f000001",
                "https://[::1]",
                "https://shop.example\n.evil.example",
                "https://shop.example\\@evil.example",
                "https://shop.exämple"
            })
    void whateverCouldLeadInsideIsNot(String url) {
        assertThat(EndpointUrl.read(url, false)).isEmpty();
    }

    @Test
    void oneThatIsTooLongIsNot() {
        String longest = "https://shop.example/" + "x".repeat(EndpointUrl.LONGEST - 21);
        assertThat(EndpointUrl.read(longest, false)).isPresent();
        assertThat(EndpointUrl.read(longest + "x", false)).isEmpty();
    }

    @Test
    void onlyASandboxTakesThisMachine() {
        assertThat(EndpointUrl.read("http://127.0.0.1:8080/paid", false)).isEmpty();
        assertThat(EndpointUrl.read("http://127.0.0.1:8080/paid", true)).isPresent();
        assertThat(EndpointUrl.read("http://127.0.0.1", true)).isEmpty();
        assertThat(EndpointUrl.read("http://127.0.0.2:8080", true)).isEmpty();
        assertThat(EndpointUrl.read("http://user@127.0.0.1:8080", true)).isEmpty();
        assertThat(EndpointUrl.read("http://shop.example", true)).isEmpty();
    }
}
