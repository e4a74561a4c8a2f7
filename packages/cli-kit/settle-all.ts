/** As `Promise.all`, but throws what failed first only when nothing of it is under way any more. */
export async function allEnded<const Promises extends readonly Promise<unknown>[]>(promises: Promises) {
  try {
    return await Promise.all(promises);
  } finally {
    await Promise.allSettled(promises);
  }
}
