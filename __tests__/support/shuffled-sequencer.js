const { createHash } = require("node:crypto");
const { default: Sequencer } = require("@jest/test-sequencer");

const seed = process.env.TEST_ORDER_SEED;
const keyOf = ({ path }) => createHash("sha256").update(`${seed} ${path}`).digest("hex");

/** Runs test files in an order by the seed in TEST_ORDER_SEED; without it, in Jest's order. */
module.exports = class extends Sequencer {
  sort(tests) {
    if (seed === undefined) return super.sort(tests);
    return [...tests].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  }
};
