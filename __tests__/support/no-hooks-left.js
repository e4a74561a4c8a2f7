const hooks = require("node:async_hooks");

/**
 * Removes the X-Ray SDK's promise hooks after each test file; otherwise each file that loads it slows down all later
 * files of the same worker.
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
