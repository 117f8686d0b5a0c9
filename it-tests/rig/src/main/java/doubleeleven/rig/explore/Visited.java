package doubleeleven.rig.explore;

/**
 * The states that were seen, each by 128 bits of a hash, with the number of histories that lead on from it. Among a hundred million states the
 * chance of one collision is below 10^-22.
 */
final class Visited {
    static final double UNDER_WAY = -1;

    private long[] high = new long[1 << 16];
    private long[] low = new long[1 << 16];
    private double[] histories = new double[1 << 16];
    private int size;

    /** Adds a state and answers where it is, or the negative of that less one where it was there. */
    int add(int[] state) {
        if (size > high.length / 2) {
            grow();
        }
        long one = hash(state, 0x9E3779B97F4A7C15L);
        long other = hash(state, 0xC2B2AE3D27D4EB4FL);
        int at = find(one == 0 ? 1 : one, other);
        if (high[at] != 0) {
            return -at - 1;
        }
        high[at] = one == 0 ? 1 : one;
        low[at] = other;
        histories[at] = UNDER_WAY;
        size++;
        return at;
    }

    /** Where a state lies now. */
    int find(int[] state) {
        long one = hash(state, 0x9E3779B97F4A7C15L);
        return find(one == 0 ? 1 : one, hash(state, 0xC2B2AE3D27D4EB4FL));
    }

    double histories(int at) {
        return histories[at];
    }

    void set(int at, double count) {
        histories[at] = count;
    }

    int size() {
        return size;
    }

    private int find(long one, long other) {
        int mask = high.length - 1;
        int at = (int) one & mask;
        while (high[at] != 0 && (high[at] != one || low[at] != other)) {
            at = at + 1 & mask;
        }
        return at;
    }

    private void grow() {
        long[] oldHigh = high;
        long[] oldLow = low;
        double[] oldHistories = histories;
        high = new long[oldHigh.length * 2];
        low = new long[high.length];
        histories = new double[high.length];
        for (int i = 0; i < oldHigh.length; i++) {
            if (oldHigh[i] != 0) {
                int at = find(oldHigh[i], oldLow[i]);
                high[at] = oldHigh[i];
                low[at] = oldLow[i];
                histories[at] = oldHistories[i];
            }
        }
    }

    private static long hash(int[] state, long seed) {
        long hash = seed ^ state.length;
        for (int value : state) {
            hash ^= value * 0xFF51AFD7ED558CCDL;
            hash = Long.rotateLeft(hash, 29) * 0x9FB21C651E98DF25L;
            hash ^= hash >>> 31;
        }
        hash = (hash ^ hash >>> 33) * 0xC4CEB9FE1A85EC53L;
        return hash ^ hash >>> 33;
    }
}
