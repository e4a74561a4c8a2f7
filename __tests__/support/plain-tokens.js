/**
 * CDKTF keeps for each of its thousands of tokens where it was made, as text with source maps applied: half the time of
 * a synth under jest, for a hint that only messages of its own errors have. Tests look for no such hint.
 */
require("cdktf/lib/tokens/private/stack-trace").captureStackTrace = () => [];
