"""LocalStack without containers: Java Lambdas as processes, injected faults, a request meter."""
