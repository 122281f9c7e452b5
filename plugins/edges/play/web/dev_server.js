#!/usr/bin/env node
// Serves the page from the files as they are, and passes everything else on to a server, so that a change shows on reloading.
//   node dev_server.js [--port 8080] [--server http://127.0.0.1:27580] [--folder ../examples/my_client]

import { createReadStream } from 'node:fs';
import { createServer, request } from 'node:http';
import { connect } from 'node:net';
import { extname, join, normalize, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';

/** @type {Record<string, string>} */
const TYPES = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml', '.json': 'application/json' };
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data: blob:; connect-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";

const HERE = fileURLToPath(new URL('.', import.meta.url));
const { values } = parseArgs({
  options: {
    port: { type: 'string', default: '8080' },
    server: { type: 'string', default: 'http://127.0.0.1:27580' },
    folder: { type: 'string', default: HERE },
  },
});
const WEB = resolve(values.folder);
const upstream = new URL(values.server);

/** @param {string} path below /play/ */
function fileOf(path) {
  const clean = normalize(path || 'index.html');
  if (clean.startsWith('..')) return undefined;
  // The SDK is beside any page.
  return join(clean.startsWith('sdk/') ? HERE : WEB, clean);
}

const server = createServer((asked, answer) => {
  const { pathname } = new URL(asked.url ?? '/', 'http://localhost');
  if (pathname === '/' || pathname === '/play') return void answer.writeHead(302, { location: '/play/' }).end();
  const file = pathname.startsWith('/play/') ? fileOf(decodeURIComponent(pathname.slice(6))) : undefined;
  if (file) {
    const type = `${TYPES[extname(file)] ?? 'text/plain'}; charset=utf-8`;
    const stream = createReadStream(file);
    stream.on('open', () => answer.writeHead(200, { 'content-type': type, 'cache-control': 'no-store', 'content-security-policy': POLICY }));
    stream.on('error', () => answer.writeHead(404).end());
    return void stream.pipe(answer);
  }
  const { hostname, port } = upstream;
  const passed = request({ hostname, port, path: asked.url, method: asked.method, headers: asked.headers }, (from) => {
    answer.writeHead(from.statusCode ?? 502, from.headers);
    from.pipe(answer);
  });
  passed.on('error', () => answer.writeHead(502).end());
  asked.pipe(passed);
});
server.on('upgrade', (asked, socket, head) => {
  const to = connect(Number(upstream.port), upstream.hostname, () => {
    const lines = asked.rawHeaders.reduce((all, each, index) => all + each + (index % 2 ? '\r\n' : ': '), '');
    to.write(`${asked.method} ${asked.url} HTTP/1.1\r\n${lines}\r\n`);
    to.write(head);
    socket.pipe(to).pipe(socket);
  });
  to.on('error', () => socket.destroy());
  socket.on('error', () => to.destroy());
});
server.listen(Number(values.port), '127.0.0.1', () => {
  const { port } = /** @type {import('node:net').AddressInfo} */ (server.address());
  console.log(`http://127.0.0.1:${port}/play/ by ${values.server}`);
});
