/**
 * The texts of the app in both languages. KPI names are not among them: they come from the KPI dictionary, so that screens
 * and reports use the same names.
 */

import type { WithheldReason } from '#domain/place/figures/kpis.ts';

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
  readonly noAccess: string;
  readonly scope: string;
  readonly scopeKinds: Readonly<Record<'chain' | 'region' | 'city' | 'store', string>>;
  readonly wholeChain: string;
  readonly today: string;
  readonly keyFigures: string;
  readonly loading: string;
  readonly noTarget: string;
  readonly noTransactions: string;
  readonly noSales: string;
  readonly notAvailable: string;
  readonly ofTarget: (target: string) => string;
  readonly unitsSold: (units: string) => string;
  readonly ofSales: (value: string) => string;
  readonly unitsIn: (units: string, transactions: string) => string;
  readonly returned: (value: string) => string;
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
  readonly dataStatus: string;
  readonly live: string;
  readonly connecting: string;
  readonly offline: string;
  readonly retrying: string;
  readonly paused: string;
  readonly rejected: string;
  readonly signedOut: string;
  readonly lastUpdate: (ago: string) => string;
  readonly latestReceipt: (ago: string) => string;
  readonly noReceipt: string;
  readonly noRecentReceipt: string;
  readonly tills: (reported: number, expected: number) => string;
  readonly noTills: string;
  readonly silent: (names: string) => string;
  readonly silentCount: (count: number) => string;
  readonly more: (count: number) => string;
  readonly details: string;
  readonly missingDataTitle: string;
  readonly noMissingData: string;
  readonly silentTillSales: (names: string) => string;
  readonly silentTillCountSales: (count: number) => string;
  readonly otherDay: (stores: string) => string;
  readonly storesNotSummed: (summed: number, expected: number) => string;
  readonly disagreement: (doorEntries: number, visits: number, transactions: number) => string;
  readonly countingTwice: (sensors: string) => string;
  readonly conflictingCounts: (count: number) => string;
  readonly unmoving: (count: number) => string;
  readonly buyersLeftOut: (hoursNotCovered: number, aboveOne: number) => string;
  readonly withheld: Readonly<Record<WithheldReason, string>>;
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
  tagline: 'Live sales of your stores, straight from the tills.',
  signIn: 'Sign in',
  signInAgain: 'Sign in again',
  signInEnded: 'Your session has expired. The figures are not updated until you sign in again.',
  signOut: 'Sign out',
  signInFailed: 'Sign-in failed',
  insecure: 'Sign-in requires HTTPS or localhost.',
  starting: 'Starting…',
  retry: 'Retry',
  unreachable: 'The service is unreachable.',
  noAccess: 'You do not have access to any store yet. Contact your Aisle administrator.',
  scope: 'Store or area',
  scopeKinds: { chain: 'Chain', region: 'Region', city: 'City', store: 'Store' },
  wholeChain: 'Whole chain',
  today: 'Today',
  keyFigures: 'Key figures today',
  loading: 'Loading',
  noTarget: 'no target set for today',
  noTransactions: 'no transactions yet today',
  noSales: 'no sales yet today',
  notAvailable: 'not available',
  ofTarget: (target) => `of ${target}`,
  unitsSold: (units) => `${units} units sold`,
  ofSales: (value) => `${value} in sales`,
  unitsIn: (units, transactions) => `${units} units in ${transactions} transactions`,
  returned: (value) => `${value} in returns`,
  discountsOf: (value) => `${value} in discounts`,
  dayCurve: 'Net sales today',
  byHour: 'By hour',
  runningTotal: 'Running total',
  target: 'Target',
  hour: 'Hour',
  noHours: 'No receipts yet today. The curve starts with the first one.',
  curveSummary: (total, best, hour) => `Net sales today ${total}; best hour ${hour} with ${best}.`,
  topProducts: 'Top products',
  byGrossSales: 'by gross sales',
  units: (units) => `${units} units`,
  noProducts: 'No sales yet today.',
  dataStatus: 'Data status',
  live: 'Live',
  connecting: 'Connecting',
  offline: 'Offline',
  retrying: 'Service not responding, retrying',
  paused: 'Paused',
  rejected: 'Request rejected',
  signedOut: 'Signed out',
  lastUpdate: (ago) => `last update ${ago} ago`,
  latestReceipt: (ago) => `latest receipt ${ago} ago`,
  noReceipt: 'no receipts yet today',
  noRecentReceipt: 'No receipt for over a minute: the store is quiet, or its tills are offline.',
  tills: (reported, expected) => `tills ${reported}/${expected}`,
  noTills: 'no tills registered',
  silent: (names) => `no data: ${names}`,
  silentCount: (count) => `${count} without data`,
  more: (count) => `+${count}`,
  details: 'Details',
  missingDataTitle: 'Missing data',
  noMissingData: 'None: all tills have reported today.',
  silentTillSales: (names) => `Sales at ${names}: no receipt received today. Unknown, not counted as zero.`,
  silentTillCountSales: (count) =>
    `Sales at ${count} ${count === 1 ? 'till' : 'tills'} without a receipt today. Unknown, not counted as zero.`,
  otherDay: (stores) => `Stores on another business day: ${stores}.`,
  storesNotSummed: (summed, expected) =>
    `Sums of ${expected - summed} of ${expected} stores are still to be made: their sales are not in these figures yet.`,
  disagreement: (doorEntries, visits, transactions) =>
    `Sensors and tills do not fit together: ${doorEntries} entries at the doors, ${visits} visits, ${transactions} transactions.`,
  countingTwice: (sensors) => `${sensors} all count visitors: a visitor whom two of them see counts twice.`,
  conflictingCounts: (count) =>
    `${count} ${count === 1 ? 'count' : 'counts'} of door sensors overlap others and are not included.`,
  unmoving: (count) =>
    `${count} ${count === 1 ? 'thing' : 'things'} did not move for an hour (a poster, a screen): not counted; mask it in the sensor.`,
  buyersLeftOut: (hoursNotCovered, aboveOne) =>
    `Conversion leaves out ${hoursNotCovered + aboveOne} store days: ${hoursNotCovered} with sales in hours without visitors, ${aboveOne} with more sales than visitors.`,
  withheld: {
    'no data': 'no sensor data',
    'hours not covered': 'withheld: sales in hours in which no visitor was counted',
    'above one': 'withheld: more sales than visitors counted',
    'too few': 'too few for a figure',
    'no target': 'no target set for today',
  },
  excludedTitle: 'Not included',
  excludedGifts: 'Gifts (price 0) count neither as transactions nor as units.',
  excludedLate: 'Receipts of a till that was offline arrive later and are added to their own hour.',
  formulasTitle: 'KPI definitions',
  version: (version) => `version ${version}`,
  seconds: (n) => `${n} s`,
  minutes: (n) => `${n} min`,
  hours: (n) => `${n} h`,
  days: (n) => `${n} d`,
  listComma: ', ',
  docs: 'API docs',
};

const zh: Words = {
  language: '语言',
  appName: 'Aisle',
  tagline: '门店实时销售数据，直接来自收银机。',
  signIn: '登录',
  signInAgain: '重新登录',
  signInEnded: '登录已过期，重新登录前数据不再更新。',
  signOut: '退出',
  signInFailed: '登录失败',
  insecure: '登录需要 HTTPS 或本机地址。',
  starting: '正在启动…',
  retry: '重试',
  unreachable: '无法连接服务。',
  noAccess: '您还没有门店权限，请联系贵公司的 Aisle 管理员。',
  scope: '门店或区域',
  scopeKinds: { chain: '全国', region: '大区', city: '城市', store: '门店' },
  wholeChain: '全部门店',
  today: '今天',
  keyFigures: '今日核心指标',
  loading: '加载中',
  noTarget: '今天未设目标',
  noTransactions: '今天还没有交易',
  noSales: '今天还没有销售',
  notAvailable: '暂无数据',
  ofTarget: (target) => `目标 ${target}`,
  unitsSold: (units) => `售出 ${units} 件`,
  ofSales: (value) => `销售 ${value}`,
  unitsIn: (units, transactions) => `${transactions} 笔共 ${units} 件`,
  returned: (value) => `退货 ${value}`,
  discountsOf: (value) => `折扣 ${value}`,
  dayCurve: '今日净销售额',
  byHour: '分时',
  runningTotal: '累计',
  target: '目标',
  hour: '时段',
  noHours: '今天还没有小票，收到第一张后显示曲线。',
  curveSummary: (total, best, hour) => `今日净销售额 ${total}；最高时段 ${hour}，${best}。`,
  topProducts: '畅销商品',
  byGrossSales: '按销售总额',
  units: (units) => `${units} 件`,
  noProducts: '今天还没有销售。',
  dataStatus: '数据状态',
  live: '实时',
  connecting: '连接中',
  offline: '离线',
  retrying: '服务无响应，正在重试',
  paused: '已暂停',
  rejected: '请求被拒绝',
  signedOut: '未登录',
  lastUpdate: (ago) => `更新于 ${ago}前`,
  latestReceipt: (ago) => `最新小票 ${ago}前`,
  noReceipt: '今天还没有小票',
  noRecentReceipt: '一分多钟没有新小票：可能客流少，也可能收银机发不出数据。',
  tills: (reported, expected) => `收银机 ${reported}/${expected}`,
  noTills: '未登记收银机',
  silent: (names) => `未上报：${names}`,
  silentCount: (count) => `${count} 台未上报`,
  more: (count) => `等 ${count} 台`,
  details: '统计口径',
  missingDataTitle: '缺失数据',
  noMissingData: '无：今天所有收银机均已上报。',
  silentTillSales: (names) => `${names} 的销售：今天没有收到小票，视为未知，不按零计。`,
  silentTillCountSales: (count) => `${count} 台收银机今天没有小票，其销售视为未知，不按零计。`,
  otherDay: (stores) => `处于其他营业日的门店：${stores}。`,
  storesNotSummed: (summed, expected) =>
    `${expected} 家门店中有 ${expected - summed} 家尚未汇总，其销售还不在这些数字里。`,
  disagreement: (doorEntries, visits, transactions) =>
    `传感器与收银机的数字不一致：进门 ${doorEntries} 人次，到访 ${visits} 次，交易 ${transactions} 笔。`,
  countingTwice: (sensors) => `${sensors} 都在统计客流：被两台同时看到的顾客会计两次。`,
  conflictingCounts: (count) => `${count} 条门口计数与其他计数重叠，未计入。`,
  unmoving: (count) => `${count} 处一小时没有移动（海报、屏幕等）：不计客流，请在传感器中屏蔽。`,
  buyersLeftOut: (hoursNotCovered, aboveOne) =>
    `成交率未包含 ${hoursNotCovered + aboveOne} 个门店日：${hoursNotCovered} 个在没有客流的时段有销售，${aboveOne} 个交易多于客流。`,
  withheld: {
    'no data': '没有传感器数据',
    'hours not covered': '暂不显示：有销售的时段没有客流统计',
    'above one': '暂不显示：交易笔数多于客流',
    'too few': '数量太少，不足以计算',
    'no target': '今天未设目标',
  },
  excludedTitle: '不计入',
  excludedGifts: '赠品（单价为 0）不计交易笔数和件数。',
  excludedLate: '离线的收银机恢复后会补传，小票计入其实际时段。',
  formulasTitle: '指标定义',
  version: (version) => `第 ${version} 版`,
  seconds: (n) => `${n} 秒`,
  minutes: (n) => `${n} 分钟`,
  hours: (n) => `${n} 小时`,
  days: (n) => `${n} 天`,
  listComma: '、',
  docs: '接口文档',
};

export const WORDS: Readonly<Record<Language, Words>> = { en, zh };

/** Returns the first of a browser's languages that the app supports; English without one. */
export function languageOf(preferred: readonly string[]): Language {
  for (const tag of preferred) {
    const code = tag.toLowerCase().split('-')[0];
    if (code === 'zh' || code === 'en') return code;
  }
  return 'en';
}

/** Returns an age in one unit: 14 s, 3 min, 2 h. A negative age (a clock ahead) is 0 s. */
export function formatAge(ageMs: number, words: Words): string {
  const seconds = Math.max(0, Math.floor(ageMs / 1000));
  if (seconds < 120) return words.seconds(seconds);
  const minutes = Math.floor(seconds / 60);
  if (minutes < 120) return words.minutes(minutes);
  const hours = Math.floor(minutes / 60);
  return hours < 48 ? words.hours(hours) : words.days(Math.floor(hours / 24));
}
