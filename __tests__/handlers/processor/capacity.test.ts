import { capacityOf } from "../../../handlers/processor/capacity";

const of = (processors: number, memoryMiB: number, concurrency?: number) =>
  capacityOf({ processors, memoryMiB, concurrency });

it("gives a video two processors and one GiB, where there are several", () => {
  expect(of(4, 8_192)).toEqual({ concurrency: 2, threads: 2, memoryMiB: 4_032 });
  expect(of(2, 1_024)).toEqual({ concurrency: 1, threads: 2, memoryMiB: 960 });
  expect(of(16, 1_024)).toEqual({ concurrency: 1, threads: 16, memoryMiB: 960 });
  expect(of(1, 512).concurrency).toBe(1);
});

it("limits ffmpeg to less memory than the task has", () => {
  for (const memory of [512, 1_024, 2_048, 8_192, 30_720]) {
    for (const processors of [1, 2, 4, 16]) {
      const { concurrency, memoryMiB } = of(processors, memory);
      expect(concurrency * memoryMiB).toBeLessThan(memory);
    }
  }
});

it("fails on more videos at a time than there is memory for", () => {
  expect(() => of(4, 2_048, 10)).toThrow(
    "CONCURRENCY 10 and MEMORY_MIB 2048 leave 140 MiB per video, at least 384 are needed",
  );
});
