package doubleeleven.rig.explore;

import java.util.ArrayList;
import java.util.List;

/**
 * The states that were seen, each by 128 bits of a hash, with the number of histories that lead on from it. Among a hundred million states the
 * chance of one collision is below 10^-22. A state takes 24 bytes and at most 16 of the index.
 */
final class Visited {
    static final double UNDER_WAY = -1;

    private static final int BLOCK_BITS = 16;
    private static final int BLOCK = 1 << BLOCK_BITS;

    private static final class Block {
        final long[] high = new long[BLOCK];
        final long[] low = new long[BLOCK];
        final double[] histories = new double[BLOCK];
    }

    private final List<Block> blocks = new ArrayList<>();
    /** Numbers of states, each from 1, where its hash leads. */
    private int[] index = new int[1 << 17];

    private int size;

    /** Adds a state and answers its number, or the negative of that less one where it was there. */
    int add(int[] state) {
        if (size >= index.length / 4 * 3) {
            grow();
        }
        long high = hash(state, 0x9E3779B97F4A7C15L);
        long low = hash(state, 0xC2B2AE3D27D4EB4FL);
        int mask = index.length - 1;
        int at = (int) high & mask;
        while (index[at] != 0) {
            int number = index[at] - 1;
            Block block = blocks.get(number >> BLOCK_BITS);
            if (block.high[number & BLOCK - 1] == high && block.low[number & BLOCK - 1] == low) {
                return -number - 1;
            }
            at = at + 1 & mask;
        }
        if (size >> BLOCK_BITS == blocks.size()) {
            blocks.add(new Block());
        }
        Block block = blocks.getLast();
        block.high[size & BLOCK - 1] = high;
        block.low[size & BLOCK - 1] = low;
        block.histories[size & BLOCK - 1] = UNDER_WAY;
        index[at] = ++size;
        return size - 1;
    }

    double histories(int number) {
        return blocks.get(number >> BLOCK_BITS).histories[number & BLOCK - 1];
    }

    void set(int number, double count) {
        blocks.get(number >> BLOCK_BITS).histories[number & BLOCK - 1] = count;
    }

    int size() {
        return size;
    }

    private void grow() {
        int[] larger = new int[index.length * 2];
        int mask = larger.length - 1;
        for (int number = 0; number < size; number++) {
            int at = (int) blocks.get(number >> BLOCK_BITS).high[number & BLOCK - 1] & mask;
            while (larger[at] != 0) {
                at = at + 1 & mask;
            }
            larger[at] = number + 1;
        }
        index = larger;
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
