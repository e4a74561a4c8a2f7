interface Refusals {
  /** Requests that violate AWS's models or a constraint. */
  readonly refused: readonly unknown[];
  /** Requests whose operation no model knows. */
  readonly unknown: readonly string[];
  /** Members that are exempt from validation and that no request needed. */
  readonly unusedExceptions: readonly string[];
}

/** Requests that the emulator has refused since its start, and exceptions that nothing needed; none is expected. */
export async function refusalsOf(endpoint: string): Promise<Refusals> {
  const response = await fetch(`${endpoint}/moto-api/overlay/refusals`);
  return (await response.json()) as Refusals;
}

export const NO_REFUSALS: Refusals = { refused: [], unknown: [], unusedExceptions: [] };
