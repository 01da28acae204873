package io.dicm.trainer.samplejob;

/**
 * What a look over the log before the samples are made found.
 *
 * @param lastMomentSeconds the last impression's moment, seconds since 1970 UTC; 0 without one
 * @param heavyUsers users whose events are cut into segments
 * @param segments of all heavy users
 */
record Survey(long lastMomentSeconds, long heavyUsers, long segments) {}
