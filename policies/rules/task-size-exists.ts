import { each } from "../rule";

const range = (from: number, to: number, step: number) =>
  Array.from({ length: (to - from) / step + 1 }, (_, index) => from + index * step);

/** Memory in MiB that Fargate sells with each CPU size. */
const FARGATE_MEMORY_MIB: Readonly<Record<string, readonly number[]>> = {
  256: [512, 1024, 2048],
  512: range(1024, 4096, 1024),
  1024: range(2048, 8192, 1024),
  2048: range(4096, 16384, 1024),
  4096: range(8192, 30720, 1024),
  8192: range(16384, 61440, 4096),
  16384: range(32768, 122880, 8192),
};

export const taskSizeExists = each("aws_ecs_task_definition", (task) => {
  const memory = FARGATE_MEMORY_MIB[task.at("cpu").text];
  return !task.at("requires_compatibilities").texts.includes("FARGATE") ||
    memory?.includes(task.at("memory").number) === true
    ? undefined
    : {
        finding: `Fargate has no ${task.at("cpu").text || "unset"} CPU with ${task.at("memory").text || "unset"} MiB`,
        remedy:
          memory === undefined
            ? `set cpu to one of ${Object.keys(FARGATE_MEMORY_MIB).join(", ")}`
            : `set memory to one of ${memory.join(", ")}`,
      };
});
