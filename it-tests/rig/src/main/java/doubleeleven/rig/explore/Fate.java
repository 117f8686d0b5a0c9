package doubleeleven.rig.explore;

/** What may become of a call. */
enum Fate {
    ANSWERED(false, true, true, false),
    LOST(true, false, false, false),
    ANSWER_LOST(true, true, false, false),
    LANDS_LATER(true, false, false, true),
    LANDS_AGAIN(true, true, true, true);

    final boolean fault;
    final boolean lands;
    final boolean answered;
    final boolean late;

    Fate(boolean fault, boolean lands, boolean answered, boolean late) {
        this.fault = fault;
        this.lands = lands;
        this.answered = answered;
        this.late = late;
    }
}
