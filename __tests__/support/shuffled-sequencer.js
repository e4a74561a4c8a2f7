const { createHash } = require("node:crypto");
const { default: Sequencer } = require("@jest/test-sequencer");

const seed = process.env.TEST_ORDER_SEED;
const keyOf = ({ path }) => createHash("sha256").update(`${seed} ${path}`).digest("hex");

/** Files that take many minutes, longest first. Jest would start them last on a fresh checkout, by the size of the file. */
const LONGEST = [
  "emulator/restarts",
  "emulator/prod",
  "emulator/product",
  "emulator/updates",
  "emulator/first-environment",
  "services/processor/corpus",
];

const rankOf = ({ path }) => {
  const rank = LONGEST.findIndex((name) => path.endsWith(`${name}.test.ts`));
  return rank === -1 ? LONGEST.length : rank;
};

/** Runs test files in an order by the seed in TEST_ORDER_SEED; without it, the longest first and then in Jest's order. */
module.exports = class extends Sequencer {
  sort(tests) {
    if (seed === undefined) return super.sort(tests).sort((one, other) => rankOf(one) - rankOf(other));
    return [...tests].sort((one, other) => (keyOf(one) < keyOf(other) ? -1 : 1));
  }
};
