package doubleeleven.notification.aws;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.InetAddress;
import java.net.UnknownHostException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Literal addresses: no name is asked for. */
class AddressesTest {
    @ParameterizedTest
    @ValueSource(strings = {"1.1.1.1", "93.184.216.34", "223.255.255.255", "2606:4700::1111", "2001:4860:4860::8888"})
    void merchantsAreOutside(String address) throws UnknownHostException {
        assertThat(Addresses.isPublic(InetAddress.getByName(address))).isTrue();
    }

    /** Each differs from something special in one part of it. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "9.255.255.255",
                "11.0.0.1",
                "100.63.255.255",
                "100.128.0.1",
                "101.64.0.1",
                "172.15.255.255",
                "172.32.0.1",
                "191.0.0.1",
                "192.0.3.1",
                "192.1.0.1",
                "192.167.255.255",
                "192.169.0.1",
                "197.51.100.1",
                "198.17.255.255",
                "198.20.0.1",
                "198.50.100.1",
                "198.51.99.1",
                "199.18.0.1",
                "202.0.113.1",
                "203.0.112.1",
                "203.1.113.1",
                "2000::1",
                "2001:200::1",
                "2003::1",
                "2400:db8::1",
                "3ffe:fff::1",
                "3fff:1000::1"
            })
    void whatLiesBesideSomethingSpecialIsOutside(String address) throws UnknownHostException {
        assertThat(Addresses.isPublic(InetAddress.getByName(address))).isTrue();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "0.0.0.0",
                "0.1.2.3",
                "10.0.0.1",
                "100.64.0.1",
                "100.127.255.255",
                "127.0.0.1",
                "169.254.169.254",
                "172.16.0.1",
                "172.31.255.255",
                "192.0.0.8",
                "192.0.2.1",
                "192.168.1.1",
                "198.18.0.1",
                "198.19.255.255",
                "198.51.100.1",
                "203.0.113.1",
                "224.0.0.1",
                "240.0.0.1",
                "255.255.255.255",
                "::",
                "::1",
                "::ffff:10.0.0.1",
                "64:ff9b::a00:1",
                "100::1",
                "2001::1",
                "2001:1ff::1",
                "2001:db8::1",
                "2002:a00:1::1",
                "3fff::1",
                "3fff:fff::1",
                "4000::1",
                "fc00::1",
                "fd00:ec2::254",
                "fe80::1",
                "ff02::1"
            })
    void whatIsSpecialIsInside(String address) throws UnknownHostException {
        assertThat(Addresses.isPublic(InetAddress.getByName(address))).isFalse();
    }
}
