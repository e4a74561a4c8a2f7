/**
 * Deadline of a wait within a test, in milliseconds: long, because a busy machine is many times slower than an idle
 * one, and shorter than Jest's timeout, so that the error can name what was missing.
 */
export const DEADLINE_MS = 1_200_000;
