/** A request that is declined on purpose. Exit code 2; nothing was changed. */
export class Refusal extends Error {}
