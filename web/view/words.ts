/**
 * What the app says, in both languages. The names of figures are not here: the dictionary of KPIs holds them,
 * so that a screen cannot call a figure otherwise than a report does.
 */

export const LANGUAGES = ['en', 'zh'] as const;
export type Language = (typeof LANGUAGES)[number];

export interface Words {
  readonly language: string;
  readonly appName: string;
  readonly tagline: string;
  readonly signIn: string;
  readonly signInAgain: string;
  readonly signInEnded: string;
  readonly signOut: string;
  readonly signInFailed: string;
  readonly insecure: string;
  readonly starting: string;
  readonly retry: string;
  readonly unreachable: string;
  readonly nothingGranted: string;
  readonly scope: string;
  readonly scopeKinds: Readonly<Record<'chain' | 'region' | 'city' | 'store', string>>;
  readonly wholeChain: string;
  readonly today: string;
  readonly keyFigures: string;
  readonly loading: string;
  readonly noTarget: string;
  readonly noTransactions: string;
  readonly nothingSold: string;
  readonly notGiven: string;
  readonly ofTarget: (target: string) => string;
  readonly unitsSold: (units: string) => string;
  readonly ofSold: (value: string) => string;
  readonly unitsIn: (units: string, transactions: string) => string;
  readonly broughtBack: (value: string) => string;
  readonly discountsOf: (value: string) => string;
  readonly dayCurve: string;
  readonly byHour: string;
  readonly runningTotal: string;
  readonly target: string;
  readonly hour: string;
  readonly noHours: string;
  readonly curveSummary: (total: string, best: string, hour: string) => string;
  readonly topProducts: string;
  readonly byGrossSales: string;
  readonly units: (units: string) => string;
  readonly noProducts: string;
  readonly dataTrust: string;
  readonly live: string;
  readonly connecting: string;
  readonly offline: string;
  readonly retrying: string;
  readonly paused: string;
  readonly refused: string;
  readonly signedOut: string;
  readonly lastHeard: (ago: string) => string;
  readonly newestReceipt: (ago: string) => string;
  readonly noReceipt: string;
  readonly oldReceipt: string;
  readonly tills: (reported: number, expected: number) => string;
  readonly noTills: string;
  readonly silent: (names: string) => string;
  readonly silentCount: (count: number) => string;
  readonly more: (count: number) => string;
  readonly details: string;
  readonly unknownTitle: string;
  readonly unknownNothing: string;
  readonly unknownTills: (names: string) => string;
  readonly unknownTillCount: (count: number) => string;
  readonly otherDay: (stores: string) => string;
  readonly excludedTitle: string;
  readonly excludedGifts: string;
  readonly excludedLate: string;
  readonly formulasTitle: string;
  readonly version: (version: number) => string;
  readonly seconds: (n: number) => string;
  readonly minutes: (n: number) => string;
  readonly hours: (n: number) => string;
  readonly days: (n: number) => string;
  readonly listComma: string;
  readonly docs: string;
}

const en: Words = {
  language: 'Language',
  appName: 'Aisle',
  tagline: 'Today in your stores, as the tills close it.',
  signIn: 'Sign in',
  signInAgain: 'Sign in again',
  signInEnded: 'Your sign-in has ended. The figures stand still until you sign in again.',
  signOut: 'Sign out',
  signInFailed: 'Signing in did not work',
  insecure: 'Signing in needs HTTPS, or an address on this very machine.',
  starting: 'Starting…',
  retry: 'Try again',
  unreachable: 'The service cannot be reached.',
  nothingGranted: 'No store has been given to you yet. Ask whoever runs Aisle at your chain.',
  scope: 'Store or area',
  scopeKinds: { chain: 'Chain', region: 'Region', city: 'City', store: 'Store' },
  wholeChain: 'Whole chain',
  today: 'Today',
  keyFigures: 'Key figures of today',
  loading: 'Loading',
  noTarget: 'no target set for today',
  noTransactions: 'no transaction yet today',
  nothingSold: 'nothing sold yet today',
  notGiven: 'not known',
  ofTarget: (target) => `of ${target}`,
  unitsSold: (units) => `${units} units sold`,
  ofSold: (value) => `${value} sold`,
  unitsIn: (units, transactions) => `${units} units in ${transactions} transactions`,
  broughtBack: (value) => `${value} brought back`,
  discountsOf: (value) => `${value} discounts`,
  dayCurve: 'Net sales today',
  byHour: 'By hour',
  runningTotal: 'Running total',
  target: 'Target',
  hour: 'Hour',
  noHours: 'The curve begins with the first receipt of the day.',
  curveSummary: (total, best, hour) => `Net sales today ${total}; best hour ${hour} with ${best}.`,
  topProducts: 'Top products',
  byGrossSales: 'by gross sales',
  units: (units) => `${units} units`,
  noProducts: 'Nothing sold yet today.',
  dataTrust: 'How far to trust these figures',
  live: 'Live',
  connecting: 'Connecting',
  offline: 'Offline',
  retrying: 'Service not answering, trying again',
  paused: 'Paused',
  refused: 'Refused',
  signedOut: 'Signed out',
  lastHeard: (ago) => `figures from ${ago} ago`,
  newestReceipt: (ago) => `newest receipt ${ago} ago`,
  noReceipt: 'no receipt yet today',
  oldReceipt: 'No receipt for over a minute: the store is quiet, or its tills cannot send.',
  tills: (reported, expected) => `tills ${reported}/${expected}`,
  noTills: 'no tills registered',
  silent: (names) => `silent: ${names}`,
  silentCount: (count) => `${count} silent`,
  more: (count) => `+${count}`,
  details: 'What is counted',
  unknownTitle: 'Unknown',
  unknownNothing: 'Nothing: every till of today has reported.',
  unknownTills: (names) =>
    `What was sold at ${names}: not a receipt of today has come from there. It is not counted as zero.`,
  unknownTillCount: (count) =>
    `What was sold at ${count} ${count === 1 ? 'till' : 'tills'} without a receipt today. It is not counted as zero.`,
  otherDay: (stores) => `Stores that are on another business day right now: ${stores}.`,
  excludedTitle: 'Left out',
  excludedGifts: 'Gifts (pieces at a price of 0) are neither transactions nor units.',
  excludedLate: 'A till that was offline sends later; its receipts are then added to their own hour.',
  formulasTitle: 'How each figure is made',
  version: (version) => `version ${version}`,
  seconds: (n) => `${n} s`,
  minutes: (n) => `${n} min`,
  hours: (n) => `${n} h`,
  days: (n) => `${n} d`,
  listComma: ', ',
  docs: 'API',
};

const zh: Words = {
  language: '语言',
  appName: 'Aisle',
  tagline: '收银一结账，今天的数就到。',
  signIn: '登录',
  signInAgain: '重新登录',
  signInEnded: '登录已过期，重新登录前数据不再更新。',
  signOut: '退出',
  signInFailed: '登录没有成功',
  insecure: '登录需要 HTTPS，或者本机地址。',
  starting: '正在启动…',
  retry: '重试',
  unreachable: '无法连接服务。',
  nothingGranted: '还没有给您分配门店，请联系贵公司的 Aisle 管理员。',
  scope: '门店或区域',
  scopeKinds: { chain: '全国', region: '大区', city: '城市', store: '门店' },
  wholeChain: '全部门店',
  today: '今天',
  keyFigures: '今日核心指标',
  loading: '加载中',
  noTarget: '今天未设目标',
  noTransactions: '今天还没有交易',
  nothingSold: '今天还没有销售',
  notGiven: '未知',
  ofTarget: (target) => `目标 ${target}`,
  unitsSold: (units) => `售出 ${units} 件`,
  ofSold: (value) => `售出 ${value}`,
  unitsIn: (units, transactions) => `${transactions} 笔共 ${units} 件`,
  broughtBack: (value) => `退货 ${value}`,
  discountsOf: (value) => `折扣 ${value}`,
  dayCurve: '今日净销售额',
  byHour: '分时',
  runningTotal: '累计',
  target: '目标',
  hour: '时段',
  noHours: '今天第一张小票到达后开始显示曲线。',
  curveSummary: (total, best, hour) => `今日净销售额 ${total}；最高时段 ${hour}，${best}。`,
  topProducts: '畅销商品',
  byGrossSales: '按销售总额',
  units: (units) => `${units} 件`,
  noProducts: '今天还没有销售。',
  dataTrust: '数据可信度',
  live: '实时',
  connecting: '连接中',
  offline: '离线',
  retrying: '服务无响应，正在重试',
  paused: '已暂停',
  refused: '被拒绝',
  signedOut: '未登录',
  lastHeard: (ago) => `数据停在 ${ago}前`,
  newestReceipt: (ago) => `最新小票 ${ago}前`,
  noReceipt: '今天还没有小票',
  oldReceipt: '一分多钟没有新小票：可能客流少，也可能收银机发不出数据。',
  tills: (reported, expected) => `收银机 ${reported}/${expected}`,
  noTills: '未登记收银机',
  silent: (names) => `未上报：${names}`,
  silentCount: (count) => `${count} 台未上报`,
  more: (count) => `等 ${count} 台`,
  details: '统计口径',
  unknownTitle: '未知',
  unknownNothing: '没有：今天所有收银机都已上报。',
  unknownTills: (names) => `${names} 的销售：今天没有收到小票，不按零计。`,
  unknownTillCount: (count) => `${count} 台收银机今天没有小票，其销售不按零计。`,
  otherDay: (stores) => `以下门店此刻处于另一个营业日：${stores}。`,
  excludedTitle: '不计入',
  excludedGifts: '赠品（单价为 0）不计交易笔数和件数。',
  excludedLate: '离线的收银机恢复后会补传，小票计入其实际时段。',
  formulasTitle: '指标算法',
  version: (version) => `第 ${version} 版`,
  seconds: (n) => `${n} 秒`,
  minutes: (n) => `${n} 分钟`,
  hours: (n) => `${n} 小时`,
  days: (n) => `${n} 天`,
  listComma: '、',
  docs: '接口文档',
};

export const WORDS: Readonly<Record<Language, Words>> = { en, zh };

/** The first of a browser's languages that the app speaks; English where it speaks none. */
export function languageOf(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const code = tag.toLowerCase().split('-')[0];
    if (code === 'zh' || code === 'en') return code;
  }
  return 'en';
}

/** How long ago, in one unit: 14 s, 3 min, 2 h. A clock that runs ahead gives 0 s and never a time to come. */
export function formatAge(ageMs: number, words: Words): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  if (seconds < 120) return words.seconds(seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return words.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? words.hours(hours) : words.days(Math.floor(hours / 24));
}
