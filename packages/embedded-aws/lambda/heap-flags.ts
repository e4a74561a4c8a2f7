/**
 * The V8 options by which Lambda's Node.js runtimes start, for a function with so much memory in MB: young generation
 * semi-spaces of 5 % of it, an old generation of 90 %. As in the bootstrap of the nodejs20.x image
 * (https://gist.github.com/davidjb/432ea4e1c89f399ec412270539fe126f); AWS documents neither. `NODE_OPTIONS` with one of
 * the two would replace both.
 */
export function heapFlags(memory: number): string[] {
  return [
    `--max-semi-space-size=${Math.floor(memory * 0.05)}`,
    `--max-old-space-size=${Math.floor(memory * 0.9)}`,
  ];
}
