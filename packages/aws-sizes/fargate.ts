/**
 * Memory in MiB that Fargate offers with each number of CPU units; 1024 units are one vCPU.
 * https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html#fargate-tasks-size
 */
export const FARGATE_MEMORY_MIB: ReadonlyMap<number, readonly number[]> = new Map([
  [256, [512, 1_024, 2_048]],
  [512, gib({ from: 1, to: 4, step: 1 })],
  [1_024, gib({ from: 2, to: 8, step: 1 })],
  [2_048, gib({ from: 4, to: 16, step: 1 })],
  [4_096, gib({ from: 8, to: 30, step: 1 })],
  [8_192, gib({ from: 16, to: 60, step: 4 })],
  [16_384, gib({ from: 32, to: 120, step: 8 })],
]);

/** Sizes in MiB from a range in GiB. */
function gib({ from, to, step }: { readonly from: number; readonly to: number; readonly step: number }) {
  return Array.from({ length: (to - from) / step + 1 }, (_, index) => (from + index * step) * 1_024);
}
