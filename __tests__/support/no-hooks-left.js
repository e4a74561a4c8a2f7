const hooks = require("node:async_hooks");

/**
 * The X-Ray SDK follows every promise of the process, and for ever: each test file that loads it would slow down all
 * that come after it in the same worker. A file's hooks end with the file.
 */
const { createHook } = hooks;
const made = [];
hooks.createHook = (callbacks) => {
  const hook = createHook(callbacks);
  made.push(hook);
  return hook;
};

afterAll(() => {
  made.forEach((hook) => hook.disable());
  hooks.createHook = createHook;
});
