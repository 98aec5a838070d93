// Goes to a page with Chromium, presses a button on it, and prints the page that this ends at as JSON: {url, text}.
//
//   node browser.mjs ADDRESS BUTTON
//
// Chromium speaks its DevTools protocol over two pipes, one JSON message after another, each ended by a NUL.
// The certificate of the page may be anybody's: that of a login is made on the spot.
import { spawn, spawnSync } from 'node:child_process';
import { mkdtempSync } from 'node:fs';
import { join } from 'node:path';

const [address, button] = process.argv.slice(2);
const mac = '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome';
const names = ['chromium', 'chromium-browser', 'google-chrome', mac];
const name = names.find((name) => spawnSync(name, ['--version']).status === 0);
if (!name) throw new Error('no Chromium here');

// In the home that the test has made and removes: processes of Chromium's may write there for a moment after its end.
const profile = mkdtempSync(join(process.env.HOME, 'browser-'));
const flags = ['--headless=new', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--no-first-run',
  '--ignore-certificate-errors', '--remote-debugging-pipe', `--user-data-dir=${profile}`];
const browser = spawn(name, flags, { stdio: ['ignore', 'ignore', 'inherit', 'pipe', 'pipe'] });
const [, , , commands, events] = browser.stdio;

let last = 0;
const answers = new Map();
const waiting = [];
let buffered = '';
events.setEncoding('utf8').on('data', (data) => {
  const messages = (buffered + data).split('\0');
  buffered = messages.pop();
  for (const message of messages.map((text) => JSON.parse(text))) {
    if (message.id) answers.get(message.id)(message);
    else for (const [index, [method, resolve]] of waiting.entries())
      if (method === message.method) { waiting.splice(index, 1); resolve(); break; }
  }
});

function ask(method, params = {}, sessionId = undefined) {
  const id = ++last;
  commands.write(JSON.stringify({ id, method, params, sessionId }) + '\0');
  return new Promise((resolve, reject) => answers.set(id, ({ error, result }) =>
    error ? reject(new Error(`${method}: ${error.message}`)) : resolve(result)));
}
const event = (method) => new Promise((resolve) => waiting.push([method, resolve]));

async function main() {
  const { targetId } = await ask('Target.createTarget', { url: 'about:blank' });
  const { sessionId } = await ask('Target.attachToTarget', { targetId, flatten: true });
  const evaluate = async (expression) => {
    const { result } = await ask('Runtime.evaluate', { expression, returnByValue: true }, sessionId);
    return result.value;
  };
  await ask('Page.enable', {}, sessionId);
  let loaded = event('Page.loadEventFired');
  await ask('Page.navigate', { url: address }, sessionId);
  await loaded;
  loaded = event('Page.loadEventFired');
  const words = JSON.stringify(button);
  const press = `[...document.querySelectorAll('button')].find((b) => b.textContent === ${words})?.click() ?? 'pressed'`;
  await evaluate(press);
  await loaded;
  console.log(await evaluate('JSON.stringify({url: location.href, text: document.body.innerText})'));
}

const tooLong = setTimeout(() => { console.error('the browser took too long'); finish(1); }, 60_000);
function finish(code) {
  browser.once('exit', () => process.exit(code));
  if (code === 0) ask('Browser.close').catch(() => browser.kill('SIGKILL'));
  else browser.kill('SIGKILL');
}
main().then(() => finish(0), (error) => { console.error(error); finish(1); });
