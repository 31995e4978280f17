// File: lib/settings/life_sign.h
//
// What plivo-diald says of itself to the httpd that started it, on the socket by which it gets its
// configuration.
// SPDX-License-Identifier: Apache-2.0
#pragma once

namespace plivo_dial {

// What goes to httpd, a byte each.
namespace life_sign {
inline constexpr char kWorks = '.';
inline constexpr char kExits = 'E';  // the last word of a process that ends by itself
}  // namespace life_sign

}  // namespace plivo_dial
