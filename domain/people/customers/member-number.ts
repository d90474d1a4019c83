/**
 * Member numbers as tills and spreadsheets hand them on. A number that does not name one member makes one customer of many,
 * with one consent for all: what a till sends for customers without a card, and what a spreadsheet leaves of a long number.
 */
import { isForeignId } from '../../chain/ids.ts';
import { isFiller } from './filler.ts';

/** 1.00023E+11: a spreadsheet shows so a number that is longer than its column, and saves what it shows. */
const SCIENTIFIC = /^[+-]?\d+(?:[.,]\d+)?e[+-]\d{1,3}$|^[+-]?\d+[.,]\d+e\d{1,3}$/i;
const DECIMAL = /^[+-]?\d+[.,]0+$/;
const SEPARATED = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/;
const SPREADSHEET_ERROR = /^#(?:N\/A|REF!|NAME\?|VALUE!|DIV\/0!|NULL!|NUM!|#+$)/i;
/** A spreadsheet keeps fifteen digits. Three zeros behind them are chance in one number of a thousand. */
const ROUNDED = /^\d{15}000+$/;

const WORDS = new Set(
  [
    'null nil none nan na n/a undefined unknown empty blank void false true yes no',
    'guest anonymous nonmember non-member walk-in walkin test default',
    '无 没有 空 未知 暂无 不详 无卡 否 是 散客 匿名 游客 非会员 测试 会员',
  ].flatMap((words) => words.split(' ')),
);

const LETTER_OR_DIGIT = /[\p{L}\p{N}]/u;
/** Chains number their members one after the other, so that a short number of equal digits may be a real one. */
const FILLER_LENGTH_MIN = 6;

const SPREADSHEET = 'format the column as text and export the file again';

/**
 * Returns why a text is no member number, as a predicate of the number; undefined where it is one.
 *
 * Refused are placeholders (`无`, `-`, `null`, `0000`, `888888`) and what a spreadsheet has spoilt (`1.00023E+11`,
 * `10002.0`, `100,023`).
 */
export function memberNumberFault(text: string): string | undefined {
  const number = text.trim();
  if (SPREADSHEET_ERROR.test(number)) return `is an error of a spreadsheet; ${SPREADSHEET}`;
  if (!isForeignId(number)) return 'is too long, or contains # or control characters';
  if (SCIENTIFIC.test(number)) return `is in scientific notation, so digits are lost; ${SPREADSHEET}`;
  if (DECIMAL.test(number)) return `was turned into a decimal number by a spreadsheet; ${SPREADSHEET}`;
  if (SEPARATED.test(number)) return `has separators of a spreadsheet; ${SPREADSHEET}`;
  if (ROUNDED.test(number)) return `was rounded to fifteen digits by a spreadsheet; ${SPREADSHEET}`;
  const isPlaceholder =
    !LETTER_OR_DIGIT.test(number) ||
    WORDS.has(number.toLowerCase()) ||
    /^0+$/.test(number) ||
    (/^\d+$/.test(number) && number.length >= FILLER_LENGTH_MIN && isFiller(number));
  return isPlaceholder ? 'is a placeholder and names no member' : undefined;
}
