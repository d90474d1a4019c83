/** The assortment of the demonstration chain: consumer electronics in yuan; cheap products sell more often. */
import type { ProductId } from '#domain/chain/ids.ts';

export interface Product {
  readonly productId: ProductId;
  /** Name as printed by the tills. */
  readonly name: string;
  readonly priceYuan: number;
  /** Relative sales frequency. */
  readonly weight: number;
  /** Given away with a purchase, at a price of 0. */
  readonly isGift: boolean;
}

type Row = readonly [code: string, zh: string, en: string, priceYuan: number, weight: number];

const ROWS: readonly Row[] = [
  ['PH-101', '智能手机 128GB', 'Smartphone 128GB', 2999, 9],
  ['PH-102', '智能手机 256GB', 'Smartphone 256GB', 3699, 7],
  ['PH-103', '旗舰手机 512GB', 'Flagship phone 512GB', 6999, 3],
  ['PH-104', '折叠屏手机', 'Foldable phone', 9999, 1],
  ['PH-105', '长辈手机', 'Easy phone', 899, 3],
  ['PH-106', '儿童手表', "Children's watch", 799, 5],
  ['WE-201', '智能手环', 'Fitness band', 249, 14],
  ['WE-202', '智能手表', 'Smartwatch', 1299, 6],
  ['WE-203', '运动手表', 'Sports watch', 1999, 3],
  ['WE-204', '智能眼镜', 'Smart glasses', 2499, 1],
  ['AU-301', '真无线耳机', 'True wireless earbuds', 399, 18],
  ['AU-302', '降噪耳机', 'Noise-cancelling headphones', 1499, 6],
  ['AU-303', '有线耳机', 'Wired earphones', 79, 15],
  ['AU-304', '蓝牙音箱', 'Bluetooth speaker', 299, 10],
  ['AU-305', '智能音箱', 'Smart speaker', 349, 8],
  ['AU-306', '回音壁', 'Soundbar', 1299, 2],
  ['AU-307', '麦克风', 'Microphone', 459, 3],
  ['PC-401', '轻薄笔记本', 'Slim laptop', 4999, 3],
  ['PC-402', '游戏笔记本', 'Gaming laptop', 7999, 1],
  ['PC-403', '平板电脑 11 英寸', 'Tablet 11"', 2199, 5],
  ['PC-404', '平板电脑 8 英寸', 'Tablet 8"', 1099, 4],
  ['PC-405', '电子书阅读器', 'E-reader', 998, 3],
  ['PC-406', '显示器 27 英寸', 'Monitor 27"', 1399, 3],
  ['PC-407', '迷你主机', 'Mini PC', 1899, 1],
  ['AC-501', '快充充电器 67W', 'Charger 67 W', 129, 25],
  ['AC-502', '氮化镓充电器 100W', 'GaN charger 100 W', 199, 14],
  ['AC-503', 'USB-C 数据线 1 米', 'USB-C cable 1 m', 29.9, 40],
  ['AC-504', 'USB-C 数据线 2 米', 'USB-C cable 2 m', 39.9, 22],
  ['AC-505', '无线充电板', 'Wireless charger', 149, 10],
  ['AC-506', '移动电源 10000', 'Power bank 10000', 129, 20],
  ['AC-507', '移动电源 20000', 'Power bank 20000', 199, 12],
  ['AC-508', '手机壳', 'Phone case', 59, 38],
  ['AC-509', '钢化膜', 'Screen protector', 39, 36],
  ['AC-510', '平板保护套', 'Tablet cover', 129, 8],
  ['AC-511', '车载支架', 'Car mount', 69, 9],
  ['AC-512', '自拍杆', 'Selfie stick', 89, 7],
  ['AC-513', '存储卡 128GB', 'Memory card 128GB', 99, 11],
  ['AC-514', 'U 盘 64GB', 'USB stick 64GB', 49.9, 12],
  ['AC-515', '移动固态硬盘 1TB', 'Portable SSD 1TB', 549, 6],
  ['AC-516', '扩展坞', 'USB-C hub', 229, 8],
  ['AC-517', '无线鼠标', 'Wireless mouse', 99, 14],
  ['AC-518', '机械键盘', 'Mechanical keyboard', 369, 6],
  ['AC-519', '电脑包', 'Laptop sleeve', 119, 6],
  ['AC-520', '手写笔', 'Stylus', 399, 4],
  ['HO-601', '扫地机器人', 'Robot vacuum', 2299, 3],
  ['HO-602', '空气净化器', 'Air purifier', 999, 3],
  ['HO-603', '电动牙刷', 'Electric toothbrush', 199, 10],
  ['HO-604', '吹风机', 'Hair dryer', 299, 7],
  ['HO-605', '智能灯泡', 'Smart bulb', 59, 12],
  ['HO-606', '智能插座', 'Smart plug', 49, 13],
  ['HO-607', '门铃摄像头', 'Video doorbell', 399, 4],
  ['HO-608', '室内摄像头', 'Indoor camera', 199, 8],
  ['HO-609', '智能门锁', 'Smart lock', 1599, 2],
  ['HO-610', '体脂秤', 'Body scale', 99, 9],
  ['HO-611', '路由器', 'Router', 249, 8],
  ['HO-612', '投影仪', 'Projector', 2699, 1],
  ['GA-701', '游戏手柄', 'Game controller', 329, 6],
  ['GA-702', '掌上游戏机', 'Handheld console', 2099, 3],
  ['GA-703', '游戏卡带', 'Game cartridge', 349, 7],
  ['GA-704', '无人机', 'Drone', 3499, 1],
];

const GIFTS: readonly Row[] = [
  ['GI-801', '帆布袋', 'Tote bag', 0, 1],
  ['GI-802', '擦镜布', 'Cleaning cloth', 0, 3],
];

const productOf =
  (isGift: boolean) =>
  ([code, zh, en, priceYuan, weight]: Row): Product => ({
    productId: code as ProductId,
    name: `${zh} ${en}`,
    priceYuan,
    weight,
    isGift,
  });

export const PRODUCTS: readonly Product[] = ROWS.map(productOf(false));
export const GIFT_PRODUCTS: readonly Product[] = GIFTS.map(productOf(true));
