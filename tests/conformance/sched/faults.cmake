# SPDX-License-Identifier: BSD-3-Clause
# Copyright (c) The Atoll authors

# sched's conformance suite on a scheduler with faults: without one it passes,
# with each of them it goes red.
set(libraries "${CMAKE_CURRENT_LIST_DIR}/../../../lib")
file(GLOB suite "${libraries}/sched/tests/*_conformance.cpp")
file(GLOB sources "${libraries}/sched/src/*.cpp" "${libraries}/deadline/src/*.cpp"
  "${CMAKE_CURRENT_LIST_DIR}/src/*.cpp")
# Of images with SCHED_TRACKS_OWNERS, or without LOCK_PREEMPTION.
list(FILTER sources EXCLUDE REGEX "/(owners|deadlock|without_preemption)\\.cpp$")
atoll_host_test(NAME conformance_sched_faulty PART sched
  TESTS ${suite}
  SOURCES ${sources}
  INCLUDES "${CMAKE_CURRENT_LIST_DIR}/include" ${ATOLL_FAKES_INCLUDES}
    "${libraries}/sched/include" "${libraries}/lock/include" "${libraries}/deadline/include")
add_test(NAME host.sched_faults COMMAND ${ATOLL_PYTHON} "${CMAKE_CURRENT_LIST_DIR}/faults.py"
  $<TARGET_FILE:conformance_sched_faulty>)
set_tests_properties(host.sched_faults PROPERTIES LABELS "quick;lib-sched" TIMEOUT 120)
