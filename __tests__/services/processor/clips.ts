export * from "../../../tools/platform/clips";
