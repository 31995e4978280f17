// File: mod_plivo_dial/config/serving_identity.h
//
// As whom httpd serves, as its directives User and Group say.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "lib/access/file_access.h"

namespace plivo_dial {

// Who serves requests and runs the dispatcher: httpd's User and Group when root starts it, else
// whoever runs this process.
Identity serving_identity();

// Whether `User` names somebody else than who runs this; only root can become him.
bool names_other_user();

// Root does not serve, and httpd has no user of its own for it.
bool lacks_user();

}  // namespace plivo_dial
