/** Like `Promise.all`, but rejects with the first failure only after all promises have settled. */
export async function allEnded<const Promises extends readonly Promise<unknown>[]>(promises: Promises) {
  try {
    return await Promise.all(promises);
  } finally {
    await Promise.allSettled(promises);
  }
}
