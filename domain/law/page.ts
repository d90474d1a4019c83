/**
 * The law of one jurisdiction on a day as one page, made from its pack: what it permits, every rule with its source, and what
 * begins or ends when. It is for the lawyer who checks the pack, and for the file of the store.
 */
import type { BusinessDay } from '../chain/business-day.ts';
import { NO_LEGAL_ADVICE } from './face-permissions.ts';
import type { Clause, Pack, Topic } from './pack.ts';
import { isInForce, type Sureness } from './rule.ts';

const TOPICS: Readonly<Record<Topic, string>> = {
  face: 'Faces 人脸',
  pictures: 'Pictures examined in the cloud 云端图像',
  deviceMembers: 'Members matched by a device 设备端会员识别',
  watchList: 'Watch-list 关注名单',
  watchListDays: 'Days of a watch-list entry 关注名单保存天数',
  visitorDays: 'Days of a visitor without consent 未同意访客保存天数',
  memberDays: 'Days of a member without a visit 会员人脸保存天数',
  proofDays: 'Days of the proof of an ended consent 同意凭证保存天数',
  abroad: 'Faces that leave the country 出境',
  readers: 'People who read 查阅者',
  staffByConsent: 'Staff by their consent 员工同意',
  sign: 'Sign 标识',
  localOnly: 'Place of the cloud 部署地点',
  pushAge: 'Age for pushes 推送年龄',
  healthFence: 'Geofences near health services 医疗服务周边围栏',
  refusal: 'Refusal of personal offers 拒绝个性化推荐',
  pushSender: 'Sender of a push 推送发送者',
  duty: 'Duty of the store 门店义务',
};

const SURE: Readonly<Record<Sureness, string>> = {
  A: 'A: the words of the law were read',
  B: 'B: an account of a regulator or law firm was read',
  C: 'C: recalled, to be checked',
};

/** Returns the most that a rule permits, in words. */
export function limitText(clause: Clause): string {
  switch (clause.about) {
    case 'abroad':
      if (clause.to === 'anywhere') return 'anywhere';
      return clause.to.length === 0 ? 'nowhere' : `to ${clause.to.join(', ')} only`;
    case 'readers':
      return `never in ${clause.never.join(', ')}`;
    case 'pushAge':
      return `from ${clause.from} years`;
    case 'healthFence':
      return `none within ${clause.metres} m`;
    case 'refusal':
      return `ends ${clause.ends === 'all' ? 'every push' : 'pushes selected by the profile'}`;
    case 'sign':
    case 'localOnly':
    case 'pushSender':
      return 'required';
    case 'duty':
      return '';
    case 'memberDays':
      return `${clause.most} at most${clause.isSettingRequired === true ? '; the store must set a number' : ''}`;
    default:
      return typeof clause.most === 'boolean' ? (clause.most ? 'yes' : 'no') : String(clause.most);
  }
}

/** One line of the page. */
interface PageRow {
  readonly topic: string;
  readonly limit: string;
  readonly says: string;
  readonly source: string;
  readonly url: string | undefined;
  readonly period: string;
  readonly sure: Sureness;
  readonly checkedOn: string;
}

interface PageSection {
  readonly title: string;
  readonly rows: readonly PageRow[];
}

const rowOf = (clause: Clause): PageRow => ({
  topic: `${TOPICS[clause.about]}${clause.only === undefined ? '' : ` (${clause.only.join(', ')} only)`}`,
  limit: limitText(clause),
  says: clause.says,
  source: clause.source,
  url: clause.url,
  period: [
    clause.since === undefined ? '' : `since ${clause.since}`,
    clause.until === undefined ? '' : `until ${clause.until}`,
  ]
    .filter((part) => part !== '')
    .join(', '),
  sure: clause.sure,
  checkedOn: clause.checkedOn,
});

function sectionsOf({ clauses }: Pack, day: BusinessDay): PageSection[] {
  const orderOf = ({ about }: Clause): number => Object.keys(TOPICS).indexOf(about);
  const sorted = [...clauses].sort((a, b) => orderOf(a) - orderOf(b));
  const sections = [
    { title: `In force on ${day}`, clauses: sorted.filter((clause) => isInForce(clause, day)) },
    {
      title: 'Not yet in force',
      clauses: sorted.filter(({ since }) => since !== undefined && day < since),
    },
    {
      title: 'No longer in force',
      clauses: sorted.filter(({ until }) => until !== undefined && until <= day),
    },
  ];
  return sections
    .filter((section) => section.clauses.length > 0)
    .map(({ title, clauses: own }) => ({ title, rows: own.map(rowOf) }));
}

const INTRODUCTION = `${NO_LEGAL_ADVICE} The rules are a careful reading of public texts by engineers; no lawyer has read this page yet. Nothing is permitted by silence, and of several rules the strictest counts.`;

const HEADS = ['About', 'Most', 'Rule', 'Source', 'Applies', 'Sure', 'Checked'] as const;

/** Returns the page as Markdown. */
export function lawPageMarkdown(pack: Pack, day: BusinessDay): string {
  const cell = (text: string): string => text.replaceAll('|', '\\|');
  const sections = sectionsOf(pack, day).map(({ title, rows }) =>
    [
      `## ${title}`,
      '',
      `| ${HEADS.join(' | ')} |`,
      `|${HEADS.map(() => ' --- |').join('')}`,
      ...rows.map(({ topic, limit, says, source, url, period, sure, checkedOn }) => {
        const linked = url === undefined ? cell(source) : `[${cell(source)}](${url})`;
        return `| ${[topic, limit, cell(says), linked, period, sure, checkedOn].join(' | ')} |`;
      }),
    ].join('\n'),
  );
  const legend = Object.values(SURE).map((text) => `- ${text}`);
  return `# ${pack.name} ${pack.nameZh} (${pack.jurisdiction})\n\n${INTRODUCTION}\n\n${sections.join('\n\n')}\n\n${legend.join('\n')}\n`;
}

const escaped = (text: string): string => text.replace(/[&<>"]/g, (sign) => `&#${sign.charCodeAt(0)};`);

const STYLE = `body{font:11pt/1.4 Georgia,"Noto Serif CJK SC",serif;margin:2cm;color:#111}h1{font-size:18pt}h2{font-size:13pt;margin-top:1.5em}
table{border-collapse:collapse;width:100%;font-size:9pt}th,td{border:1px solid #999;padding:4px 6px;text-align:left;vertical-align:top}
tr{break-inside:avoid}p.note{border:2px solid #111;padding:8px 12px}@page{size:A4 landscape;margin:1.5cm}@media print{body{margin:0}}`;

/** Returns the page as HTML that prints on its own and loads nothing. */
export function lawPageHtml(pack: Pack, day: BusinessDay): string {
  const title = `${pack.name} ${pack.nameZh} (${pack.jurisdiction})`;
  const sections = sectionsOf(pack, day).map(({ title: heading, rows }) => {
    const body = rows.map(({ topic, limit, says, source, url, period, sure, checkedOn }) => {
      const linked = url === undefined ? escaped(source) : `<a href="${escaped(url)}">${escaped(source)}</a>`;
      const cells = [topic, limit, says].map(escaped).concat(linked, period, sure, checkedOn);
      return `<tr>${cells.map((text) => `<td>${text}</td>`).join('')}</tr>`;
    });
    const heads = HEADS.map((head) => `<th>${head}</th>`).join('');
    return `<h2>${escaped(heading)}</h2><table><tr>${heads}</tr>${body.join('\n')}</table>`;
  });
  const legend = Object.values(SURE)
    .map((text) => `<li>${escaped(text)}</li>`)
    .join('');
  return `<!doctype html><html lang="en"><meta charset="utf-8"><title>${escaped(title)}</title><style>${STYLE}</style><h1>${escaped(title)}</h1><p class="note">${escaped(INTRODUCTION)}</p>${sections.join('\n')}<ul>${legend}</ul></html>\n`;
}
