import { existsSync } from 'node:fs';
import { type Browser, chromium, type Page } from 'playwright-core';

const PATHS = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'];

/** The browser of the machine. @throws where there is none: these tests are about nothing else. */
export async function launchBrowser(): Promise<Browser> {
  const path = process.env.CHROMIUM ?? PATHS.find((each) => existsSync(each));
  if (path === undefined) {
    throw new Error(
      `these tests need Chromium: apt-get install chromium (Debian, Ubuntu), or CHROMIUM=<path>; looked for ${PATHS.join(', ')}`,
    );
  }
  // As root, which containers often have, Chromium has no sandbox. The only page is ours.
  const args = process.getuid?.() === 0 ? ['--no-sandbox'] : [];
  return chromium.launch({ executablePath: path, args });
}

/** A page and all that it complained of or asked for. */
export interface WatchedPage {
  readonly page: Page;
  readonly complaints: string[];
  /** Of what is neither the page itself nor a part of it. */
  readonly requests: string[];
}

/** Open a file as somebody does who was sent it. */
export async function openFile(
  browser: Browser,
  path: string,
  look: { width: number; colorScheme?: 'light' | 'dark' },
): Promise<WatchedPage> {
  const context = await browser.newContext({
    viewport: { width: look.width, height: 800 },
    colorScheme: look.colorScheme ?? 'light',
    offline: true,
  });
  const page = await context.newPage();
  const complaints: string[] = [];
  const requests: string[] = [];
  page.on('console', (message) => complaints.push(message.text()));
  page.on('pageerror', (error) => complaints.push(error.message));
  page.on('requestfailed', (request) => complaints.push(`failed: ${request.url()}`));
  const url = `file://${path}`;
  page.on('request', (request) => {
    if (request.url() !== url && !request.url().startsWith('data:')) requests.push(request.url());
  });
  await page.goto(url);
  return { page, complaints, requests };
}
