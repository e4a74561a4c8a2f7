declare module "*.css";

// The light build carries no declarations of its own.
declare module "hls.js/light" {
  export * from "hls.js";
  export { default } from "hls.js";
}
