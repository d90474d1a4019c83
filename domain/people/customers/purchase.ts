/**
 * A receipt becomes a customer's purchase. The purchase has less than the receipt: what the customer's history needs, and
 * neither cashier nor payments.
 */
import type { CityId, ProductId } from '../../chain/ids.ts';
import {
  discountsOf,
  isGoods,
  lineValueOf,
  piecesOf,
  type Receipt,
  withoutCorrections,
} from '../../place/figures/receipt.ts';
import type { BoughtProduct, Purchase } from './customer.ts';

/**
 * Returns the purchase of a receipt. Returned pieces count below 0; the receipt's discount is allocated to its lines by
 * their value; gifts, gift cards, deposits and other lines that are no goods are left out. The net is what the receipt adds to net
 * sales, to the last ten-thousandth.
 *
 * @param name the name of the receipt, under which the purchase is stored once
 * @param cityId the city of the store
 */
export function purchaseOf(given: Receipt, name: string, cityId: CityId): Purchase {
  const receipt = withoutCorrections(given);
  const discounts = discountsOf(receipt);
  const products = new Map<ProductId, BoughtProduct>();
  receipt.lines.forEach((line, index) => {
    if (!isGoods(line) || lineValueOf(line) === 0n) return;
    const pieces = Number(piecesOf(line)) * Math.sign(line.quantity);
    const value = lineValueOf(line) - (discounts[index] ?? 0n);
    const before = products.get(line.productId);
    products.set(line.productId, {
      productId: line.productId,
      quantity: (before?.quantity ?? 0) + pieces,
      net: (before?.net ?? 0n) + (line.quantity > 0 ? value : -value),
    });
  });
  const bought = [...products.values()];
  return {
    storeId: receipt.storeId,
    cityId,
    day: receipt.businessDay,
    closedAtMs: receipt.closedAt.instantMs,
    receipt: name,
    net: bought.reduce((sum, { net }) => sum + net, 0n),
    units: bought.reduce((sum, { quantity }) => sum + quantity, 0),
    products: bought,
  };
}
