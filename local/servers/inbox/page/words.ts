/** The texts of the page in Chinese and English. */

const ZH = {
  title: '收件箱',
  app: '智慧门店',
  android: '安卓手机',
  iphone: 'iPhone',
  choose: '选择手机',
  phones: '手机',
  opened: '已看过',
  now: '现在',
  noNotes: '还没有通知',
  noNotesHint: '推送到这部手机的内容会出现在这里。',
  noPhones: '还没有手机',
  noPhonesHint: '顾客的应用登记后，手机会出现在这里。',
  unreachable: '应用已卸载',
  offline: '本地云没有回应，正在重试…',
};

const EN: typeof ZH = {
  title: 'Inbox',
  app: 'Aisle',
  android: 'Android phone',
  iphone: 'iPhone',
  choose: 'Choose a phone',
  phones: 'Phones',
  opened: 'Opened',
  now: 'now',
  noNotes: 'No notifications yet',
  noNotesHint: 'Messages sent to this phone appear here.',
  noPhones: 'No phones yet',
  noPhonesHint: 'A phone appears here once a customer’s app has registered it.',
  unreachable: 'app removed',
  offline: 'The local cloud is not responding; retrying…',
};

const isChinese = navigator.language.toLowerCase().startsWith('zh');

/** BCP 47 tag of the page's language: Chinese where the browser's is, English otherwise. */
export const LANGUAGE = isChinese ? 'zh-CN' : 'en-GB';

export const WORDS = isChinese ? ZH : EN;
