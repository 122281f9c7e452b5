// Comes back at once when the network does, or when somebody looks at the page again; and follows other tabs that log in or out.

/** @param {import('./router.js').Context} context @returns {() => void} what ends it */
export function watchNetwork({ link }) {
  const hurry = () => document.visibilityState === 'visible' && link.hurry();
  const follow = (/** @type {StorageEvent} */ { key }) => {
    if (key === null || key === link.api.tokens.key) void link.follow();
  };
  addEventListener('online', hurry);
  addEventListener('pageshow', hurry);
  addEventListener('storage', follow);
  document.addEventListener('visibilitychange', hurry);
  return () => {
    removeEventListener('online', hurry);
    removeEventListener('pageshow', hurry);
    removeEventListener('storage', follow);
    document.removeEventListener('visibilitychange', hurry);
  };
}
