/**
 * Milliseconds after which a wait within a test gives up: long, because a busy machine takes many times as long as an
 * idle one, and shorter than Jest's own deadline, so that the wait can say what did not come.
 */
export const DEADLINE_MS = 1_200_000;
