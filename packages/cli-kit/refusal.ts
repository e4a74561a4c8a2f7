/** Something that was asked for and is not done, on purpose: exit code 2. Nothing was changed. */
export class Refusal extends Error {}
