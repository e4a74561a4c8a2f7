/** What the emulator refused since its start because AWS's models do not allow it, and requests that no model knows. */
export async function refusalsOf(
  endpoint: string,
): Promise<Record<"refused" | "unknown", readonly unknown[]>> {
  const response = await fetch(`${endpoint}/moto-api/overlay/refusals`);
  const { refused, unknown } = (await response.json()) as Record<"refused" | "unknown", unknown[]>;
  return { refused, unknown };
}
