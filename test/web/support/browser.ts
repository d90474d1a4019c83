/**
 * Launches the system's Chromium. Tests download no browser: without one they are skipped with a reason, except on CI, where
 * they fail.
 */
import { existsSync } from 'node:fs';
import { type Browser, chromium } from 'playwright-core';

const CANDIDATES = [
  process.env['CHROMIUM_PATH'] ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
  '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome',
];

const chromiumPath = CANDIDATES.find((path) => path !== '' && existsSync(path));

export const mustSkipBrowser = chromiumPath === undefined && process.env['CI'] !== 'true';

export const WHY_SKIPPED = mustSkipBrowser
  ? ' (skipped: no Chromium on this machine; install it or set CHROMIUM_PATH)'
  : '';

export async function launchBrowser(): Promise<Browser> {
  if (chromiumPath === undefined) throw new Error('no Chromium found; install it or set CHROMIUM_PATH');
  return await chromium.launch({
    executablePath: chromiumPath,
    args: [
      '--headless',
      '--no-sandbox',
      '--disable-gpu',
      '--disable-quic',
      '--no-first-run',
      '--disable-background-networking',
      '--disable-component-update',
      '--disable-sync',
    ],
  });
}
