package doubleeleven.notification.aws;

import java.net.Inet4Address;
import java.net.InetAddress;

/** Which addresses lie outside, where merchants are. */
final class Addresses {
    private Addresses() {}

    /** Whether it is a public unicast address, by the registries of special addresses (RFC 6890 and what follows it). */
    static boolean isPublic(InetAddress address) {
        if (address.isAnyLocalAddress()
                || address.isLoopbackAddress()
                || address.isLinkLocalAddress()
                || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        return address instanceof Inet4Address ? isPublic(address.getAddress()) : isGlobal(address.getAddress());
    }

    private static boolean isPublic(byte[] four) {
        int first = four[0] & 0xff;
        int second = four[1] & 0xff;
        boolean shared = first == 100 && (second & 0xc0) == 64;
        boolean protocol = first == 192 && second == 0 && (four[2] & 0xff) <= 2;
        boolean benchmark = first == 198 && (second & 0xfe) == 18;
        boolean documented = (first == 198 && second == 51 && (four[2] & 0xff) == 100)
                || (first == 203 && second == 0 && (four[2] & 0xff) == 113);
        return first != 0 && first < 240 && !shared && !protocol && !benchmark && !documented;
    }

    /** Global unicast is 2000::/3; of it, what tunnels or translates (2001::/23, 2002::/16) and documentation (2001:db8::/32, 3fff::/20) is not. */
    private static boolean isGlobal(byte[] six) {
        int first = (six[0] & 0xff) << 8 | (six[1] & 0xff);
        int second = (six[2] & 0xff) << 8 | (six[3] & 0xff);
        boolean global = (first & 0xe000) == 0x2000;
        boolean special = first == 0x2001 && (second < 0x200 || second == 0x0db8);
        return global && !special && first != 0x2002 && !(first == 0x3fff && second < 0x1000);
    }
}
