package dev.windlass.simulation;

/** Why a waiting thread goes on. */
enum Wake {
    /** What it waited for has come. */
    SIGNAL,
    /** Its time was over. */
    TIME,
    /** It was interrupted. */
    INTERRUPT,
    /** Its process has crashed, or the simulation ends. */
    DOOM
}
