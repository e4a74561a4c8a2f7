/** As `Promise.all`, but throws what failed first only when nothing of it is under way any more. */
export async function allEnded<const Promises extends readonly Promise<unknown>[]>(promises: Promises) {
  await Promise.allSettled(promises);
  return Promise.all(promises);
}
