// File: mod_plivo_dial/dispatcher/dispatcher_process.h
//
// plivo-diald as a child of httpd's parent. It is a program of its own, so httpd's reloads do not
// touch it: the pid and the pipe that leads to it are kept outside of the configuration pool, and
// a reload only sends the new configuration. The pipe is also how it learns that httpd has ended,
// however it ended: then the pipe's last writer is gone.
//
// All functions run in the parent, which is single-threaded, except where they say otherwise.
// SPDX-License-Identifier: Apache-2.0
#pragma once

#include "mod_plivo_dial/config/config.h"
#include "mod_plivo_dial/httpd_api.h"

namespace plivo_dial {

// Makes what runs agree with the configuration: starts the dispatcher, sends it the configuration,
// or lets it end; for PlivoDispatcher External writes the configuration's file. Never fails: what
// goes wrong is logged, and events wait in the spool.
void update_dispatcher(apr_pool_t* pconf, server_rec* main_server);

// Starts the dispatcher again when it has died and its pause is over, kills one that hangs, and
// says every five minutes when events are not delivered. For the monitor hook.
void look_after_dispatcher(apr_pool_t* pconf, server_rec* main_server);

// In a child: closes the child's copy of the pipe, so that the parent's end is the only one.
void forget_dispatcher();

}  // namespace plivo_dial
