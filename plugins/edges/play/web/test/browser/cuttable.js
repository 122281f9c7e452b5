// A way to the server that can be cut and mended: what a browser calls offline leaves sockets alone that are open.

import { connect, createServer } from 'node:net';

/** @param {string} server as `http://127.0.0.1:27580` */
export async function cuttable(server) {
  const { hostname, port } = new URL(server);
  /** @type {Set<import('node:net').Socket>} */
  const open = new Set();
  let isCut = false;
  const listener = createServer((socket) => {
    if (isCut) return void socket.destroy();
    const to = connect(Number(port), hostname);
    for (const each of [socket, to]) {
      open.add(each);
      each.on('error', () => each.destroy());
      each.on('close', () => {
        open.delete(each);
        socket.destroy();
        to.destroy();
      });
    }
    socket.pipe(to).pipe(socket);
  });
  await new Promise((resolve) => listener.listen(0, '127.0.0.1', () => resolve(undefined)));
  const cut = () => {
    isCut = true;
    for (const socket of open) socket.destroy();
  };
  return {
    url: `http://127.0.0.1:${/** @type {import('node:net').AddressInfo} */ (listener.address()).port}`,
    cut,
    mend: () => void (isCut = false),
    end: () => {
      cut();
      listener.close();
    },
  };
}
